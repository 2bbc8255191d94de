"""The console of vendors, analysts and merchants: a process of its own, on the tools.

``app`` the process · ``screen`` the one Gradio page · ``desk`` who works at it · ``registry`` views and their acts ·
``answering`` what a call from the page does · ``showing`` a view as HTML · ``boards`` views that stay true ·
``doors`` logging in · ``words`` what it says · ``views`` one file a view.
"""
