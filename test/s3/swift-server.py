"""Runs one server of OpenStack Swift from unpacked packages: swift-server.py FOLDER NAME, by FOLDER/NAME.conf and FOLDER/swift.conf."""
import os
import sys

import eventlet
eventlet.monkey_patch()

folder, name = sys.argv[1:]
os.environ['TZ'] = 'UTC'

from swift.common import utils  # noqa: E402
utils.SWIFT_CONF_FILE = os.path.join(folder, 'swift.conf')
from swift.common import storage_policy  # noqa: E402
storage_policy.SWIFT_CONF_FILE = utils.SWIFT_CONF_FILE
utils.HASH_PATH_PREFIX = utils.HASH_PATH_SUFFIX = b''
utils.validate_configuration()
storage_policy.reload_storage_policies()
from swift.common.wsgi import run_wsgi  # noqa: E402

sys.exit(run_wsgi(os.path.join(folder, f'{name}.conf'), f'{name}-server'))
