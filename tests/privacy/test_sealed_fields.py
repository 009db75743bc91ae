from django.db import connection

from accounts.users.models import User
from privacy.encryption.keys import create_keys
from privacy.subjects.models import DataSubject


def test_a_username_is_ciphertext_in_the_database():
    subject = DataSubject.objects.create(jurisdiction="cn")
    create_keys(subject.pk, ["account", "contact"])
    user = User(subject=subject, username="张伟", username_index="张伟")
    user.set_password("x")
    user.save()
    with connection.cursor() as c:
        c.execute("select username, username_index from accounts_user")
        row = c.fetchone()
    assert "张伟".encode() not in bytes(row[0])
    assert User.objects.get(username_index="张伟").username == "张伟"
    assert User.objects.get_by_natural_key("张伟").pk == user.pk
