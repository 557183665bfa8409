import { type INestApplicationContext, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer, Reflector } from '@nestjs/core';
import { type AccessRule, accessRuleKey } from '../security/access.decorators.js';

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly handler: string;
  readonly rule: AccessRule | undefined;
}

type Handler = (...parameters: unknown[]) => unknown;
type ControllerClass = abstract new (...parameters: never[]) => object;

/** Every route of the application, read from the controllers themselves. */
export function listRoutes(app: INestApplicationContext): Route[] {
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = modules.flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype),
  );
  return controllers.flatMap((controller) => (isClass(controller) ? routesOf(controller) : []));
}

function routesOf(controller: ControllerClass): Route[] {
  const prototype: Record<string, unknown> = controller.prototype;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return names.flatMap((name) => {
    const handler = prototype[name];
    const isRoute = isHandler(handler) && Reflect.hasMetadata(METHOD_METADATA, handler);
    return isRoute ? [describe(controller, name, handler)] : [];
  });
}

function describe(controller: ControllerClass, name: string, handler: Handler): Route {
  const method: RequestMethod = Reflect.getMetadata(METHOD_METADATA, handler);
  const paths: string[] = [controller, handler].map((target) => Reflect.getMetadata(PATH_METADATA, target));
  return {
    method: RequestMethod[method],
    path: `/${paths
      .flatMap((path) => path.split('/'))
      .filter(Boolean)
      .join('/')}`,
    handler: `${controller.name}.${name}`,
    rule: new Reflector().getAllAndOverride<AccessRule | undefined>(accessRuleKey, [handler, controller]),
  };
}

const isHandler = (value: unknown): value is Handler => typeof value === 'function';
const isClass = (value: unknown): value is ControllerClass => typeof value === 'function';
