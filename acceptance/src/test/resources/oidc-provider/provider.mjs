// An OpenID provider for OutsideProviderTest: npm's oidc-provider as it comes, with its own pages to sign in, over TLS on
// the loopback address. Whoever gives a name is signed in; what it says of them is in a file that is read each time.
//   node provider.mjs MODULES PFX ACCOUNTS KEYTURN
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { pathToFileURL } from 'node:url';

const [modules, pfx, accounts, keyturn] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/node_modules/oidc-provider/lib/index.js`));

let answer = (request, response) => response.writeHead(503).end();
const server = createServer({ pfx: readFileSync(pfx), passphrase: 'changeit' }, (request, response) => answer(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `https://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'keyturn',
      client_secret: 'a-secret-of-the-test',
      redirect_uris: [`${keyturn}/portal/sign-in/outside/back`],
      post_logout_redirect_uris: [`${keyturn}/portal/sign-in`],
    }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    scopes: ['openid', 'offline_access', 'groups'],
    cookies: { keys: ['a-key-of-the-test'] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, name: `${id} from outside`, ...JSON.parse(readFileSync(accounts))[id] }),
    }),
  });
  answer = provider.callback();
  console.log(issuer);
});
