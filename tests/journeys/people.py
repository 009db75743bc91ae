"""Made-up people, whose values are rare enough to be searched for everywhere."""

import random
from dataclasses import dataclass

PASSWORD = "Lantern-Quartz-Orbit-5172"


@dataclass(frozen=True)
class Person:
    """The values for the registration form."""

    kind: str
    country: str
    fields: dict[str, str]

    @property
    def personal_values(self) -> list[str]:
        """Every value that must be gone after erasure; a country or a time zone alone identifies no one."""
        return [value for key, value in self.fields.items() if key not in ("time_zone", "password")] + [
            self.fields["password"]
        ]


def _digits(count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def individual_in_china() -> Person:
    """An individual under the mainland's variant."""
    tail = _digits(6)
    return Person(
        "individual",
        "CN",
        {
            "name": f"欧阳娜娜{tail}",
            "username": f"ouyang_{tail}",
            "password": PASSWORD + _digits(6),
            "phone": f"+86138{_digits(8)}",
            "company_name": f"苏州金鸡湖贸易{tail}",
            "time_zone": "Asia/Shanghai",
            "email": f"ouyang.{tail}@post.example",
        },
    )


def enterprise_in_germany() -> Person:
    """An enterprise under the other variant."""
    tail = _digits(6)
    return Person(
        "enterprise",
        "DE",
        {
            "name": f"Annegret Müllerschön {tail}",
            "username": f"muellerschoen_{tail}",
            "password": PASSWORD + _digits(6),
            "phone": f"+4915123{_digits(6)}",
            "company_name": f"Müllerschön Holding {tail}",
            "time_zone": "Europe/Berlin",
            "enterprise_name": f"Müllerschön Gerätebau GmbH {tail}",
            "registration_number": "HRB 12345, Amtsgericht München",
            "business_area": f"Ventile und Armaturen, Sonderbau {tail}",
            "business_address": f"Lindenstraße {tail}, 10969 Berlin",
            "enterprise_email": f"kontakt.{tail}@geraetebau.example",
        },
    )
