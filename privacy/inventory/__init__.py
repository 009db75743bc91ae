"""The data inventory (GDPR art. 30): every personal field and every record of a person, and what each declares."""
