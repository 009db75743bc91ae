"""The database refuses rows of requests of an erased person: what belongs to a request, too.

This comes after every migration that remakes one of these tables, because SQLite loses a trigger with its table.
"""

from django.db import migrations

from privacy.evidence.late_writes import RefuseLateWrites

OF_A_REQUEST = (("privacy_rightsrequest", "subject_id"),)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0036_requests_by_age")]

    operations = [
        RefuseLateWrites("privacy_rightsrequest"),
        RefuseLateWrites("privacy_requestitem", "request_id", OF_A_REQUEST),
        RefuseLateWrites("privacy_requestmessage", "request_id", OF_A_REQUEST),
        RefuseLateWrites("privacy_extension", "request_id", OF_A_REQUEST),
        RefuseLateWrites("privacy_proofcode", "request_id", OF_A_REQUEST),
        RefuseLateWrites("privacy_stoplink", "request_id", OF_A_REQUEST),
        RefuseLateWrites("privacy_processingrestriction"),
    ]
