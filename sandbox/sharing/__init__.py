"""AWS Resource Access Manager, as far as vaults are shared: shares, whom they are for, and what they hold.

Source: AWS RAM API reference and user guide, "Sharing your AWS resources"; AWS Backup Developer Guide, "Logically
air-gapped vault".
"""
