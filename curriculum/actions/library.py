"""What finds resources: the text that the library searches, and their documents."""

from django.db import transaction

from curriculum.indexed import resource_document
from curriculum.models.resource import ResourceQuerySet
from documents import actions as documents


@transaction.atomic
def index_resources(resources: ResourceQuerySet) -> int:
    """Store what is searched of these resources, after a change of them or of their
    sections; how many were behind.
    """
    behind = resources.index()
    documents.store_all(resource_document(resource) for resource in behind)
    return len(behind)
