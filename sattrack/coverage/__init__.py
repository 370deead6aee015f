"""What does it see, and who hears it?"""
