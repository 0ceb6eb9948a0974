import { seconds } from "./time.js";

// 503 is how the server says "not yet" after holding a request for 8 s; 0 is a server that restarts.
function patience(maxTimeToFirstByteMs) {
  const retry = { maxNumRetry: 300, retryDelayMs: 500, maxRetryDelayMs: 2 * seconds };
  const shouldRetry = ({ maxNumRetry }, count, _timeout, response, retry) =>
    retry || (response?.code === 0 && count < maxNumRetry);
  return {
    default: {
      maxTimeToFirstByteMs,
      maxLoadTimeMs: 60 * seconds,
      timeoutRetry: retry,
      errorRetry: { ...retry, shouldRetry },
    },
  };
}

export function hlsConfig(startPosition) {
  const policy = patience(20 * seconds);
  return {
    startPosition,
    backBufferLength: 90,
    manifestLoadPolicy: policy,
    playlistLoadPolicy: policy,
    fragLoadPolicy: policy,
  };
}
