// Checks what clients put on $cbs: shared access signatures, and JWTs signed with a key that the test knows.
'use strict';
const { createHmac } = require('crypto');

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

function readSas(text, keys) {
  const fields = new URLSearchParams(text.replace(/^SharedAccessSignature /, '').replace(/\+/g, '%2B'));
  const key = keys[fields.get('skn')];
  // The signature is over the resource as it stands there.
  const resource = /(?:^|[ &])sr=([^&]*)/.exec(text)?.[1];
  if (!key || !resource || hmac(key.secret, `${resource}\n${fields.get('se')}`).toString('base64') !== fields.get('sig')) {
    return { error: 'InvalidSignature: The token has an invalid signature.' };
  }
  return { audience: decodeURIComponent(resource), expires: Number(fields.get('se')) * 1000, rights: key.rights };
}

function readJwt(text, jwtKey) {
  const [header, payload, signature] = text.split('.');
  if (hmac(jwtKey, `${header}.${payload}`).toString('base64url') !== signature) {
    return { error: 'InvalidSignature: The token has an invalid signature.' };
  }
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  if (claims.aud !== 'https://servicebus.azure.net') {
    return { error: `InvalidAudience: ${claims.aud}` };
  }
  return { expires: claims.exp * 1000, rights: claims.rights };
}

// What the token allows: { audience, expires, rights } or { error }.
function readToken(text, type, { keys, jwtKey }) {
  const read = type === 'jwt' ? readJwt(text, jwtKey) : readSas(text, keys);
  return !read.error && read.expires <= Date.now() ? { error: 'ExpiredToken: The token is expired.' } : read;
}

module.exports = { readToken };
