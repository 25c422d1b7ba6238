from django.urls import path

from pictures import views

app_name = "pictures"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("add/", views.add, name="add"),
    path("<uuid:key>/", views.large, name="large"),
    path("<uuid:key>/small/", views.small, name="small"),
    path("<uuid:key>/file/", views.file, name="file"),
    path("<uuid:key>/delete/", views.delete, name="delete"),
]
