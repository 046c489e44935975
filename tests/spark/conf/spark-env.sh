# Masters, workers and executors of a local cluster listen on this machine alone.
export SPARK_LOCAL_IP=127.0.0.1
