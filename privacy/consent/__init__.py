"""Purposes, the append-only ledger, the gate."""
