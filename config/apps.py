from django.contrib.admin.apps import SimpleAdminConfig


class GroupAdminConfig(SimpleAdminConfig):
    """Django's admin with our own site class.

    Its pages are registered with the addresses (`config/urls.py`): a worker has neither.
    """

    default_site = "config.admin_site.GroupAdmin"
