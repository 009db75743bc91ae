"""How many wrong codes were typed for a request, and who may confirm by a document whose account it is about."""

from django.db import migrations, models

from privacy.evidence.late_writes import AllowLateWrites, RefuseLateWrites

OF_A_REQUEST = (("privacy_rightsrequest", "subject_id"),)
PARTS = ("requestitem", "requestmessage", "extension", "proofcode", "stoplink", "requestdocument")


class Migration(migrations.Migration):
    dependencies = [("privacy", "0039_guardian_accesses")]

    operations = [
        *(AllowLateWrites(f"privacy_{part}", "request_id", OF_A_REQUEST) for part in PARTS),
        AllowLateWrites("privacy_rightsrequest"),
        migrations.AlterModelOptions(
            name="rightsrequest",
            options={
                "default_permissions": ("view",),
                "permissions": [
                    ("file_request", "Can file a request that came by letter, e-mail or phone"),
                    ("work_request", "Can take, decide and answer requests"),
                    ("prove_identity", "Can confirm by a document whose account a request is about"),
                ],
                "verbose_name": "request",
                "verbose_name_plural": "requests",
            },
        ),
        migrations.AddField(
            model_name="rightsrequest",
            name="wrong_codes",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="wrong codes"),
        ),
        RefuseLateWrites("privacy_rightsrequest"),
        *(RefuseLateWrites(f"privacy_{part}", "request_id", OF_A_REQUEST) for part in PARTS),
    ]
