"""The web page of `sattrack report`: one HTML file that needs no server and no network.

`page.js` is built from `web/` of the repository; its digest stands in `page.js.sha256`.
"""
