import { testFaultsOf } from './fault-product.ts';

testFaultsOf('sonarr');
