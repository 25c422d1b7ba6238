from django.db import models

from members.models.member import Member


class SignInLink(models.Model):
    """A link that signs one member in once."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"for {self.member_id} until {self.expires_at:%Y-%m-%d %H:%M}"
