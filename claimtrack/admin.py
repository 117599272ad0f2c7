"""The admin's name and start page."""

from django.contrib import admin

admin.site.site_header = "claimtrack"
admin.site.site_title = "claimtrack"
admin.site.index_title = "The desk"
admin.site.index_template = "claims/admin/index.html"
