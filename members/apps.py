from django.apps import AppConfig

from config.readable import read_as_utf8, read_without_nul
from fields.typed import clean_what_people_type


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        read_as_utf8()
        read_without_nul()
        clean_what_people_type()
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from django.contrib.auth.signals import user_logged_in

        from members import securitylog
        from members.arrival import added, arrived, removed

        securitylog.listen()

        # Django's own signal, because every way in passes it: code,
        # password, passkey, link, first run.
        user_logged_in.connect(arrived, dispatch_uid="members.arrival")
        authenticator_added.connect(added, dispatch_uid="members.arrival")
        authenticator_removed.connect(removed, dispatch_uid="members.arrival")
