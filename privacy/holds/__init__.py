"""Legal holds: what is kept beyond an erasure, requested by one member of staff and approved by another."""
