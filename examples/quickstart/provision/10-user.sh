echo 'app:x:1000:1000:app:/opt/app:/bin/sh' >> /etc/passwd
echo 'app:x:1000:' >> /etc/group
mkdir -p /opt/app
