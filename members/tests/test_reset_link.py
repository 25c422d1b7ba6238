import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from members.tests.make import make_group, make_member


@pytest.mark.django_db
@pytest.mark.parametrize("works", [True, False])
def test_the_link_to_a_new_password_shows_a_page(client, works):
    make_group()
    member = make_member()
    key = default_token_generator.make_token(member) if works else "4e1c4c-eac"
    arguments = {"uidb36": user_pk_to_url_str(member), "key": key}

    page = client.get(
        reverse("account_reset_password_from_key", kwargs=arguments), follow=True
    )

    assert page.status_code == 200
    assert ("Save the password" in page.content.decode()) is works
