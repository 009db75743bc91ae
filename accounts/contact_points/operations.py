"""Operations of contact points: addresses of people, owners of codes, and the removal of old codes."""

import datetime as dt

from accounts.contact_points import tasks
from accounts.contact_points.code_owners import give_owner
from accounts.contact_points.codes import TEMPLATES
from accounts.contact_points.parsing import read_typed
from accounts.contact_points.services import owner_of_address, verified_addresses
from privacy.notices.addresses import AddressBook, AddressRules
from privacy.notices.addressing import AddresseeLookUp
from privacy.notices.limits import MessagePurpose
from privacy.notices.messages import Message
from privacy.operations.sweeps import Sweep

OPERATIONS = [
    AddressBook(verified_addresses),
    AddressRules(read_typed, owner_of_address),
    *(AddresseeLookUp(template, give_owner) for template in TEMPLATES.values()),
    *(Message(template, MessagePurpose.CODE) for template in TEMPLATES.values()),
    Message("verification_code", MessagePurpose.CODE),
    Message("already_registered", MessagePurpose.CODE),
    Sweep("expired codes", tasks.remove_expired_codes, dt.timedelta(minutes=10)),
]
