"""What a field declares of itself, and the register computed from that."""
