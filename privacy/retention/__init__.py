"""What is deleted by age, and which anonymous counts are kept."""
