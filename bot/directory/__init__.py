"""The directory of agencies: load agencies/, find who helps, name what a question is about."""

from bot.directory.countries import countries
from bot.directory.find import TOPICS, Directory
from bot.directory.model import Body, Data, Emergency, Listing, Recheck, Service
from bot.directory.schema import Kind, Topic

__all__ = [
    "TOPICS",
    "Body",
    "Data",
    "Directory",
    "Emergency",
    "Kind",
    "Listing",
    "Recheck",
    "Service",
    "Topic",
    "countries",
]
