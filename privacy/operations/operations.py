"""Operations of the declarations themselves: none. The portal raises the alarms, and removes old `RaisedAlarm`s."""

from typing import Any

OPERATIONS: list[Any] = []
