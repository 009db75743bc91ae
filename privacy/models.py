"""Index: the models of every room."""

from privacy.encryption.models import DataKey, HouseKey
from privacy.evidence.models import ChainHead
from privacy.notices.models import Notice
from privacy.subjects.models import DataSubject

__all__ = ["ChainHead", "DataKey", "DataSubject", "HouseKey", "Notice"]
