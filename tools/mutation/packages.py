"""The tests that judge each package, without those that take minutes (browsers, real servers, the fuzzer)."""

PACKAGES = {
    "erasure": [
        "tests/privacy/erasure",
        "tests/privacy/holds/test_legal_holds.py",
        "tests/privacy/recipients/test_receipt.py",
        "tests/privacy/recipients/test_outbox.py",
        "tests/accounts/registration/test_unverified.py",
    ],
    "encryption": ["tests/privacy/encryption"],
    "consent": ["tests/privacy/consent", "tests/rest/test_the_way_of_an_app.py"],
    "holds": ["tests/privacy/holds", "tests/privacy/erasure/test_replaying_holds.py"],
}
