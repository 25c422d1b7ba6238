from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("", views.notifications, name="notifications"),
    path("bell/", views.bell, name="bell"),
    path("bell/menu/", views.menu, name="menu"),
    path("read/", views.read, name="read"),
    path("watch/<int:pk>/", views.watch, name="watch"),
]
