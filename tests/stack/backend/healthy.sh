#!/bin/sh
# Healthy is who wrote within the last three seconds.
last=$(cat /tmp/written) && [ $(($(date +%s) - last)) -le 3 ]
