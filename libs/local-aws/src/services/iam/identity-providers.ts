import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { list, required, text, withDefault } from '../../kit/reader.ts';
import { addTags, showTags, tagList } from '../../kit/tags.ts';
import { Entities, type Entity } from './entities.ts';
import { arnText, iamDate } from './members.ts';

/** An OpenID Connect provider. Requests name it by its ARN, which is therefore its `name` as an entity. */
export interface IdentityProvider extends Entity {
  /** Without `https://`. */
  readonly url: string;
  readonly clientIds: Set<string>;
  thumbprints: readonly string[];
}

export const createIdentityProviders = (): Entities<IdentityProvider> =>
  new Entities<IdentityProvider>({
    exists: (arn) => `Provider with url https://${arn.slice(arn.indexOf('/') + 1)} already exists.`,
    missing: (arn) => `OpenIDConnect Provider not found for arn ${arn}`,
  });

const clientId = text({ min: 1, max: 255 });
const thumbprints = list(text({ min: 40, max: 40 }), { max: 5 });
const byArn = { OpenIDConnectProviderArn: arnText };
const evidence = 'documented';

/** The actions on OpenID Connect providers. */
export const identityProviderActions = (
  world: World,
  providers: Entities<IdentityProvider>,
): Record<string, UnboundAction> => ({
  CreateOpenIDConnectProvider: createProvider(world, providers),
  ...lifeActions(providers),
  ...changeActions(providers),
});

const arnOfUrl = (world: World, url: string): string =>
  arnOf(world, 'iam', `oidc-provider/${url.replace(/^https:\/\//, '')}`);

const createProvider = (world: World, providers: Entities<IdentityProvider>): UnboundAction =>
  action(
    {
      Url: required(text({ min: 1, max: 255 })),
      ClientIDList: withDefault(list(clientId, { max: 100 }), []),
      ThumbprintList: withDefault(thumbprints, []),
      Tags: tagList('upper'),
    },
    {
      resources: ({ Url }) => [arnOfUrl(world, Url)],
      evidence,
      run({ Url, ClientIDList, ThumbprintList, Tags }) {
        const arn = arnOfUrl(world, Url);
        const tags = addTags(new Map(), Tags);
        providers.add({
          name: arn,
          arn,
          path: '/',
          url: Url.replace(/^https:\/\//, ''),
          createdAt: world.clock.now(),
          clientIds: new Set(ClientIDList),
          thumbprints: ThumbprintList,
          tags,
        });
        return { OpenIDConnectProviderArn: arn, ...(tags.size > 0 && { Tags: showTags(tags, 'upper') }) };
      },
    },
  );

const providerShape = (provider: IdentityProvider): JsonObject => ({
  Url: provider.url,
  ClientIDList: [...provider.clientIds],
  ThumbprintList: provider.thumbprints,
  CreateDate: iamDate(provider.createdAt),
  ...(provider.tags.size > 0 && { Tags: showTags(provider.tags, 'upper') }),
});

function lifeActions(providers: Entities<IdentityProvider>): Record<string, UnboundAction> {
  return {
    GetOpenIDConnectProvider: action(byArn, {
      resources: ({ OpenIDConnectProviderArn }) => [OpenIDConnectProviderArn],
      evidence,
      run: ({ OpenIDConnectProviderArn }) => providerShape(providers.find(OpenIDConnectProviderArn)),
    }),

    ListOpenIDConnectProviders: action(
      {},
      { evidence, run: () => ({ OpenIDConnectProviderList: providers.all().map(({ arn }) => ({ Arn: arn })) }) },
    ),

    DeleteOpenIDConnectProvider: action(byArn, {
      resources: ({ OpenIDConnectProviderArn }) => [OpenIDConnectProviderArn],
      evidence,
      run({ OpenIDConnectProviderArn }) {
        providers.remove(providers.find(OpenIDConnectProviderArn));
        return {};
      },
    }),
  };
}

function changeActions(providers: Entities<IdentityProvider>): Record<string, UnboundAction> {
  return {
    AddClientIDToOpenIDConnectProvider: action(
      { ...byArn, ClientID: required(clientId) },
      {
        resources: ({ OpenIDConnectProviderArn }) => [OpenIDConnectProviderArn],
        evidence,
        run({ OpenIDConnectProviderArn, ClientID }) {
          providers.find(OpenIDConnectProviderArn).clientIds.add(ClientID);
          return {};
        },
      },
    ),

    RemoveClientIDFromOpenIDConnectProvider: action(
      { ...byArn, ClientID: required(clientId) },
      {
        resources: ({ OpenIDConnectProviderArn }) => [OpenIDConnectProviderArn],
        evidence,
        run({ OpenIDConnectProviderArn, ClientID }) {
          providers.find(OpenIDConnectProviderArn).clientIds.delete(ClientID);
          return {};
        },
      },
    ),

    UpdateOpenIDConnectProviderThumbprint: action(
      { ...byArn, ThumbprintList: required(thumbprints) },
      {
        resources: ({ OpenIDConnectProviderArn }) => [OpenIDConnectProviderArn],
        evidence,
        run({ OpenIDConnectProviderArn, ThumbprintList }) {
          providers.find(OpenIDConnectProviderArn).thumbprints = ThumbprintList;
          return {};
        },
      },
    ),
  };
}
