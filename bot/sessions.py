"""Seal and open a session as a signed token: nothing is kept on the server for web visitors.

The token holds what a Session holds and the hour it was sealed in. It is signed, not
encrypted: it carries no text, no name and no address, only codes.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from bot.errors import SessionError
from bot.messages import Session

_SIGNATURE = 16
_HOUR = 3600
_LONGEST = 2048


class _Sealed(msgspec.Struct, frozen=True, array_like=True):
    hour: int
    session: Session


class Sealer:
    """Signs sessions with a *secret* and opens them for *lifetime*."""

    def __init__(self, secret: str, lifetime: timedelta = timedelta(hours=24)) -> None:
        self._key = blake2b(secret.encode(), digest_size=32, person=b"signpost session"[:16]).digest()
        self._hours = max(1, round(lifetime.total_seconds() / _HOUR))
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(_Sealed)

    def seal(self, session: Session, now: datetime) -> str:
        """Turn *session* into a token of URL-safe characters."""
        body = self._encoder.encode(_Sealed(int(now.timestamp()) // _HOUR, session))
        return urlsafe_b64encode(self._sign(body) + body).rstrip(b"=").decode("ascii")

    def open(self, token: str, now: datetime) -> Session:
        """
        Read a token that `seal` made.

        Raises:
            SessionError: it was not signed with this secret, is damaged, or is too old.
        """
        if len(token) > _LONGEST:
            raise SessionError("the token is too long")
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (UnicodeEncodeError, Base64Error, ValueError):
            raise SessionError("the token is damaged") from None
        signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(body)):
            raise SessionError("the token was not signed here")
        sealed = self._decoder.decode(body)
        if int(now.timestamp()) // _HOUR - sealed.hour > self._hours:
            raise SessionError("the token is too old")
        return sealed.session

    def _sign(self, body: bytes) -> bytes:
        return blake2b(body, key=self._key, digest_size=_SIGNATURE).digest()
