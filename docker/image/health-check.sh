#!/bin/bash
# Succeeds when GET /health on the port given answers 200 within 4 s.
# In bash, because a second node process would need 45 MB inside the container's memory limit every 30 s.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
IFS= read -r -t 4 status <&3
[[ $status == 'HTTP/1.'?' 200 '* ]]
