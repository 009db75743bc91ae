"""Legal holds: what a law's exception keeps beyond an erasure, asked for by one person and approved by another."""
