"""Alarms, figures and checks for operators, and the first page of staff."""
