"""What goes by age, and what may stay because it is nobody's: counts."""
