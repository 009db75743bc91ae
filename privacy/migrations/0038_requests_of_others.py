"""Whose data a request is about, the attestation of who acts for somebody else, and pictures of documents."""

import uuid

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

from privacy.encryption.fields import SealedTextField
from privacy.evidence.late_writes import AllowLateWrites, RefuseLateWrites

OF_A_REQUEST = (("privacy_rightsrequest", "subject_id"),)
PARTS = ("requestitem", "requestmessage", "extension", "proofcode", "stoplink")

ACTS = [
    ("received", "Received"),
    ("proven", "Identity confirmed"),
    ("decided", "Decided"),
    ("extended", "Time extended, and the person notified"),
    ("extension_void", "Extension void: the person was not notified"),
    ("answered", "Answer handed over"),
    ("closed", "Closed"),
    ("reopened", "Reopened"),
    ("document_asked", "Picture of a document asked for"),
    ("document_given", "Picture of a document sent"),
    ("document_seen", "Picture of a document looked at"),
    ("lost", "Lost by a restore"),
    ("erased", "Deleted with the account"),
]


class Migration(migrations.Migration):
    dependencies = [("privacy", "0037_requests_late_writes")]

    operations = [
        *(AllowLateWrites(f"privacy_{part}", "request_id", OF_A_REQUEST) for part in PARTS),
        AllowLateWrites("privacy_rightsrequest"),
        migrations.AddField(
            model_name="rightsrequest",
            name="about",
            field=models.CharField(
                choices=[
                    ("self", "About me"),
                    ("other", "About somebody else, for whom I may act"),
                    ("named", "About me, in the account of somebody else"),
                ],
                db_default="self",
                default="self",
                max_length=5,
                verbose_name="whose data",
            ),
        ),
        migrations.AddField(
            model_name="rightsrequest",
            name="attested_at",
            field=models.DateTimeField(null=True, verbose_name="attested"),
        ),
        migrations.AddField(
            model_name="rightsrequest",
            name="document_asked_at",
            field=models.DateTimeField(null=True, verbose_name="picture asked for"),
        ),
        migrations.AddConstraint(
            model_name="rightsrequest",
            constraint=models.CheckConstraint(
                condition=Q(about="other", attested_at__isnull=False)
                | Q(about__in=["self", "named"], attested_at__isnull=True),
                name="who_acts_for_another_attests_it",
            ),
        ),
        migrations.AlterField(
            model_name="requestrecord",
            name="act",
            field=models.CharField(choices=ACTS, max_length=14, verbose_name="action"),
        ),
        migrations.AddIndex(
            model_name="requestrecord",
            index=models.Index(condition=Q(act="lost"), fields=["due_at"], name="lost_requests"),
        ),
        migrations.CreateModel(
            name="RequestDocument",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("image/jpeg", "JPEG"), ("image/png", "PNG")], max_length=10, verbose_name="kind"
                    ),
                ),
                ("content", SealedTextField()),
                ("uploaded_at", models.DateTimeField(db_default=Now(), verbose_name="uploaded")),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=models.deletion.CASCADE,
                        related_name="document",
                        to="privacy.rightsrequest",
                        verbose_name="request",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture of a document",
                "verbose_name_plural": "pictures of documents",
                "default_permissions": (),
                "indexes": [models.Index(fields=["uploaded_at"], name="request_documents_by_age")],
            },
        ),
        RefuseLateWrites("privacy_rightsrequest"),
        *(RefuseLateWrites(f"privacy_{part}", "request_id", OF_A_REQUEST) for part in (*PARTS, "requestdocument")),
    ]
