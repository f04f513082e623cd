"""Addresses of the peers: the floor, and the eight steps the ordinary way."""

from django.urls import path

from bench.peers.plain.steps import api

urlpatterns = [path("api/v1/", api.urls)]
