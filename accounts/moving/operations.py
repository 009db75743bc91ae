"""Operations of moving: the page of the settings, and the message that says that an account moved."""

from accounts.moving.account_page import MOVE_PAGE
from accounts.moving.told import MOVED
from privacy.notices.messages import Message

OPERATIONS = [MOVE_PAGE, Message(MOVED)]
