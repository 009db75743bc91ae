"""The promises of the privacy policy; it knows a person only as a `DataSubject` without a name."""
