"""The admin's name and start page, and what it does not show."""

from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

admin.site.site_header = "claimtrack"
admin.site.site_title = "claimtrack"
admin.site.index_title = "The desk"
admin.site.index_template = "claims/admin/index.html"

# Keys of somebody's second factor are nobody else's to see; a lost one is reset by command.
admin.site.unregister([TOTPDevice, StaticDevice])
