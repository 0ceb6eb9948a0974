# Becomes the given program. A watcher stays beside it and ends it when standard input closes, which also
# happens when the launcher is killed: SIGTERM first, after ten seconds SIGKILL for the whole process group.
# As a member of the group the watcher keeps the group's number, which is $$, from being given to anyone else.
exec 3<&0 </dev/null
{
    trap '' HUP INT TERM
    read -r _ <&3
    kill -s TERM $$
    left=100
    while [ $left -gt 0 ] && kill -s 0 $$; do
        sleep 0.1
        left=$((left - 1))
    done
    kill -s KILL -- -$$
} 2>/dev/null &
exec "$@" 3<&-
