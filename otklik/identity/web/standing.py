"""Who is signed in, read with every request: through statements that are kept (``kit.rows``)."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.contrib.sessions.models import Session

from otklik.identity.models import User
from otklik.kit.clock import now
from otklik.kit.rows import rows_by_id, rows_where


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in as django-allauth does."""

    def get_user(self, user_id: int) -> User | None:
        user = rows_by_id(User, [user_id]).get(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class SessionStore(InDatabase):
    def _get_session_from_db(self) -> Session | None:
        for session in rows_where(Session, "session_key", [self.session_key]):
            if session.expire_date > now():
                return session
        # As the one above does: what is written next gets a key of its own.
        self._session_key = None
        return None
