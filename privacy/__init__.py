"""The promises of the privacy policy; knows a person only as a nameless `DataSubject`."""
