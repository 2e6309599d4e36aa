cp "$_P/config/greeting.txt" /opt/app/greeting.txt
chown -R app:app /opt/app
