"""What people at the desk keep beside the complaints: working copies, no evidence."""
