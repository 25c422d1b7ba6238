"""The ledger of deliveries, each member's mail preferences, and who is looked at when."""

from mail.models.deliveries import (
    CLAIM_LASTS,
    CLOCKS_DIFFER,
    DAY,
    Delivery,
    DeliveryQuerySet,
    Stop,
    run_name,
)
from mail.models.looks import LastLook, MailTurn, Spread
from mail.models.preferences import Preference, What, preference_of

__all__ = [
    "CLAIM_LASTS",
    "CLOCKS_DIFFER",
    "DAY",
    "Delivery",
    "DeliveryQuerySet",
    "LastLook",
    "MailTurn",
    "Preference",
    "Spread",
    "Stop",
    "What",
    "preference_of",
    "run_name",
]
