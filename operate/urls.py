from django.urls import path

from operate import views

app_name = "operate"

urlpatterns = [
    path("health/", views.health_page, name="health"),
    path("health/messages/forget/", views.forget_messages, name="forget_messages"),
]
