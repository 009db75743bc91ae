"""Purposes, the append-only ledger of consents, and the consent gate."""
