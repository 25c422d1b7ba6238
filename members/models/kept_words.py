from django.db import models

from members.models.member import Member


class KeptWords(models.Model):
    """What a member typed into a form after the session had ended. It is kept for an hour,
    one form for each member, and shown only to that member.
    """

    member = models.OneToOneField(Member, models.CASCADE, related_name="kept_words")
    path = models.CharField(max_length=500)
    fields = models.JSONField()
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"of {self.member_id} for {self.path}"
