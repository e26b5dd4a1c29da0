from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.identity.rules.roles import Right, Role, rights_of
from otklik.kit.rows import rows_where


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A member of staff. Signs in by e-mail address; what they may do follows from their role grants."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """At most two letters, for the round mark beside the name."""
        words = (self.name or self.email).split()
        return "".join(word[0] for word in words[:2]).upper()

    @cached_property
    def roles(self) -> frozenset[Role]:
        # With every request of everybody.
        return frozenset(Role(grant.role) for grant in rows_where(RoleGrant, "user_id", [self.pk]))

    @cached_property
    def rights(self) -> frozenset[Right]:
        return rights_of(self.roles) if self.is_active else frozenset()

    def may(self, right: Right) -> bool:
        return right in self.rights

    def deactivate(self) -> None:
        """An unusable password also ends every session: each carries a hash made with it."""
        self.is_active = False
        self.set_unusable_password()

    def reactivate(self) -> None:
        """They choose a new password by an invitation, as on their first day."""
        self.is_active = True

    def forget_roles(self) -> None:
        """After grants changed: what was read of them before no longer holds."""
        for name in ("roles", "rights"):
            self.__dict__.pop(name, None)

    # Django's own permission framework is not used; its callers get a plain no.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False


class RoleGrant(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30, choices=[(r.value, r.value) for r in Role])
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="identity_role_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"
