import { testFaultsOf } from './fault-product.ts';

testFaultsOf('radarr');
