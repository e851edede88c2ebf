"""What the server does for all tabs: settings, queues, files, sessions."""
